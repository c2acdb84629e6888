"""What a site may be asked for, and when: pure decisions, and the tables of the state they rest on."""
