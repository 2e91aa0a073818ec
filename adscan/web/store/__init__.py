"""Where it is kept: the database, files, the queue of jobs."""
