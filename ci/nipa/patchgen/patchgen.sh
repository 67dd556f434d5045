#!/bin/sh
# A test for NIPA; copy this folder to its tests/patch/. NIPA has applied the patch: it is HEAD.
# Exit codes are NIPA's: 0 is success, 250 a warning, anything else a failure. What is written to
# the descriptor DESC_FD is shown with the result.

report=$(${PATCHGEN:-patchgen} verify --no-build --fail-on warning HEAD~1..HEAD 2>&1)
status=$?
printf '%s\n' "$report"

case $status in
0) found= ;;
1) found=$(printf '%s\n' "$report" | grep -E '^[^ ].*: (error|warning): .* \[[^] ]+\]$') ;;
*) found=$report ;;
esac
# A shell takes a number of more than one digit only through its name in the file system.
printf '%s\n' "${found:-patchgen found nothing}" >"/dev/fd/${DESC_FD:-1}"

if [ $status -eq 1 ] && ! printf '%s\n' "$found" | grep -q ': error: '; then
	status=250
fi
exit $status
