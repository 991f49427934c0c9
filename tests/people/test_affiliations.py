"""Where people study and work: told, confirmed by somebody else, ended; and what follows for reviewing."""
