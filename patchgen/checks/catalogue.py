"""All checks, and running them on what there is."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from patchgen.checks.agent_signed_off import agent_signed_off
from patchgen.checks.already_applied import already_applied
from patchgen.checks.author_mismatch import author_mismatch
from patchgen.checks.author_not_signed_off import author_not_signed_off
from patchgen.checks.base_commit_missing import base_commit_missing
from patchgen.checks.base_commit_unknown import base_commit_unknown
from patchgen.checks.bidi_control_character import bidi_control_character
from patchgen.checks.binary_damaged import binary_damaged
from patchgen.checks.binary_without_data import binary_without_data
from patchgen.checks.blob_id_mismatch import blob_id_mismatch
from patchgen.checks.blob_mismatch import blob_mismatch
from patchgen.checks.build_diagnostic_new import build_diagnostic_new
from patchgen.checks.build_failed import build_failed
from patchgen.checks.callback_not_wired import callback_not_wired
from patchgen.checks.check import Check
from patchgen.checks.checkpatch import checkpatch
from patchgen.checks.claim_not_met import claim_not_met
from patchgen.checks.co_developed_by_unsigned import co_developed_by_unsigned
from patchgen.checks.coccicheck import coccicheck
from patchgen.checks.commit_reference_malformed import commit_reference_malformed
from patchgen.checks.commit_reference_summary_mismatch import commit_reference_summary_mismatch
from patchgen.checks.commit_reference_unknown import commit_reference_unknown
from patchgen.checks.content_not_utf8 import content_not_utf8
from patchgen.checks.cover_diffstat_mismatch import cover_diffstat_mismatch
from patchgen.checks.cover_diffstat_partial import cover_diffstat_partial
from patchgen.checks.cover_diffstat_sum import cover_diffstat_sum
from patchgen.checks.cover_diffstat_undecided import cover_diffstat_undecided
from patchgen.checks.cover_letter_missing import cover_letter_missing
from patchgen.checks.cover_letter_placeholder import cover_letter_placeholder
from patchgen.checks.crlf_line_endings import crlf_line_endings
from patchgen.checks.diff_combined import diff_combined
from patchgen.checks.diff_empty import diff_empty
from patchgen.checks.diff_header_mismatch import diff_header_mismatch
from patchgen.checks.diffstat_arithmetic import diffstat_arithmetic
from patchgen.checks.diffstat_mismatch import diffstat_mismatch
from patchgen.checks.diffstat_scale_mismatch import diffstat_scale_mismatch
from patchgen.checks.diffstat_summary_mismatch import diffstat_summary_mismatch
from patchgen.checks.encoding_undeclared import encoding_undeclared
from patchgen.checks.file_changed_twice import file_changed_twice
from patchgen.checks.fixes_malformed import fixes_malformed
from patchgen.checks.fixes_not_ancestor import fixes_not_ancestor
from patchgen.checks.fixes_summary_mismatch import fixes_summary_mismatch
from patchgen.checks.fixes_unknown_commit import fixes_unknown_commit
from patchgen.checks.format_flowed import format_flowed
from patchgen.checks.html_mail import html_mail
from patchgen.checks.hunk_ambiguous import hunk_ambiguous
from patchgen.checks.hunk_count_mismatch import hunk_count_mismatch
from patchgen.checks.hunk_in_wrong_section import hunk_in_wrong_section
from patchgen.checks.hunk_offset import hunk_offset
from patchgen.checks.hunk_overlap import hunk_overlap
from patchgen.checks.hunk_position_mismatch import hunk_position_mismatch
from patchgen.checks.kernel_doc import kernel_doc
from patchgen.checks.line_too_long import line_too_long
from patchgen.checks.lines_lost import lines_lost
from patchgen.checks.mail_unreadable import mail_unreadable
from patchgen.checks.maintainer_not_copied import maintainer_not_copied
from patchgen.checks.message_contains_diff import message_contains_diff
from patchgen.checks.message_cut_by_marker import message_cut_by_marker
from patchgen.checks.message_empty import message_empty
from patchgen.checks.message_lost_to_scissors import message_lost_to_scissors
from patchgen.checks.metric_regressed import metric_regressed
from patchgen.checks.mode_made_executable import mode_made_executable
from patchgen.checks.no_newline_misplaced import no_newline_misplaced
from patchgen.checks.numbering_duplicate import numbering_duplicate
from patchgen.checks.numbering_gap import numbering_gap
from patchgen.checks.oracle_disagreement import oracle_disagreement
from patchgen.checks.patch_does_not_apply import patch_does_not_apply
from patchgen.checks.patch_reverts_earlier_patch import patch_reverts_earlier_patch
from patchgen.checks.path_unsafe import path_unsafe
from patchgen.checks.prefix_inconsistent import prefix_inconsistent
from patchgen.checks.prerequisite_missing import prerequisite_missing
from patchgen.checks.rendered_output_stale import rendered_output_stale
from patchgen.checks.series_too_long import series_too_long
from patchgen.checks.shortlog_mismatch import shortlog_mismatch
from patchgen.checks.sign_off_chain_broken import sign_off_chain_broken
from patchgen.checks.signed_off_by_missing import signed_off_by_missing
from patchgen.checks.stable_upstream_mismatch import stable_upstream_mismatch
from patchgen.checks.subject_malformed import subject_malformed
from patchgen.checks.symbol_used_before_added import symbol_used_before_added
from patchgen.checks.test_crashed import test_crashed
from patchgen.checks.test_failed import test_failed
from patchgen.checks.test_missing import test_missing
from patchgen.checks.threading_broken import threading_broken
from patchgen.checks.total_mismatch import total_mismatch
from patchgen.checks.trailer_in_wrong_place import trailer_in_wrong_place
from patchgen.checks.trailer_malformed import trailer_malformed
from patchgen.checks.unused_until_later import unused_until_later
from patchgen.checks.version_inconsistent import version_inconsistent
from patchgen.checks.whitespace_damaged import whitespace_damaged
from patchgen.errors import UsageError, suggestion
from patchgen.findings import Finding, rule_of

CHECKS: dict[str, Check[Any]] = {
    check.id: check
    for check in (
        agent_signed_off,
        already_applied,
        author_mismatch,
        author_not_signed_off,
        base_commit_missing,
        base_commit_unknown,
        bidi_control_character,
        binary_damaged,
        binary_without_data,
        blob_id_mismatch,
        blob_mismatch,
        build_diagnostic_new,
        build_failed,
        callback_not_wired,
        checkpatch,
        claim_not_met,
        co_developed_by_unsigned,
        coccicheck,
        commit_reference_malformed,
        commit_reference_summary_mismatch,
        commit_reference_unknown,
        content_not_utf8,
        cover_diffstat_mismatch,
        cover_diffstat_partial,
        cover_diffstat_sum,
        cover_diffstat_undecided,
        cover_letter_missing,
        cover_letter_placeholder,
        crlf_line_endings,
        diff_combined,
        diff_empty,
        diff_header_mismatch,
        diffstat_arithmetic,
        diffstat_mismatch,
        diffstat_scale_mismatch,
        diffstat_summary_mismatch,
        encoding_undeclared,
        file_changed_twice,
        fixes_malformed,
        fixes_not_ancestor,
        fixes_summary_mismatch,
        fixes_unknown_commit,
        format_flowed,
        html_mail,
        hunk_ambiguous,
        hunk_count_mismatch,
        hunk_in_wrong_section,
        hunk_offset,
        hunk_overlap,
        hunk_position_mismatch,
        kernel_doc,
        line_too_long,
        lines_lost,
        mail_unreadable,
        maintainer_not_copied,
        message_contains_diff,
        message_cut_by_marker,
        message_empty,
        message_lost_to_scissors,
        metric_regressed,
        mode_made_executable,
        no_newline_misplaced,
        numbering_duplicate,
        numbering_gap,
        oracle_disagreement,
        patch_does_not_apply,
        patch_reverts_earlier_patch,
        path_unsafe,
        prefix_inconsistent,
        prerequisite_missing,
        rendered_output_stale,
        series_too_long,
        shortlog_mismatch,
        sign_off_chain_broken,
        signed_off_by_missing,
        stable_upstream_mismatch,
        subject_malformed,
        symbol_used_before_added,
        test_crashed,
        test_failed,
        test_missing,
        threading_broken,
        total_mismatch,
        trailer_in_wrong_place,
        trailer_malformed,
        unused_until_later,
        version_inconsistent,
        whitespace_damaged,
    )
}


IDS = {check.id: check.wraps for check in CHECKS.values()}
"""All ids, and whether behind a slash the name of a wrapped tool for the defect may follow."""


def known_id(check_id: str) -> str:
    """The id itself. Raises UsageError, with the nearest id, for an unknown one."""
    if check_id not in IDS and not IDS.get(rule_of(check_id)):
        raise UsageError(f'no check "{check_id}"', suggestion(check_id, CHECKS))
    return check_id


def find_check(check_id: str) -> Check[Any]:
    """The check with this id. Raises UsageError, with the nearest id, for an unknown one."""
    return CHECKS[rule_of(known_id(check_id))]


def run_checks(subjects: Iterable[object], only: Collection[str] = ()) -> Iterator[Finding]:
    """Hand every subject to every check, or to every one in ``only``, that takes its type."""
    subjects = tuple(subjects)
    rules = {rule_of(check_id) for check_id in only}
    for check in CHECKS.values():
        if only and check.id not in rules:
            continue
        for subject in subjects:
            if isinstance(subject, check.takes):
                yield from (
                    finding
                    for finding in check.run(subject)
                    if not only or finding.check in only or finding.rule in only
                )
