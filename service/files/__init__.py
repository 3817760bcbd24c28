"""Files of records: what is accepted, where it is kept, which record has it."""
