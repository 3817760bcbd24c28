"""Complaints from people without an account: by a form, by a program, by mail. Each becomes a nonconformity."""
