"""The controlled file of a revision in force: rendered, stamped, sealed, kept, and checked by whoever has one."""
