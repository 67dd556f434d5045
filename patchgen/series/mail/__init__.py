"""Mails as git reads them: headers, encodings, bodies, subjects, people who write them."""
