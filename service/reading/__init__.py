"""What can be read: lists with filters and cursors, one record whole, tasks, the board of what is late."""
