"""What people are told: messages, their templates and the wire. Knows nothing of the domain."""
