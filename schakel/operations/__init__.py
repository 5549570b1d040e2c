"""Does it run? The flow from source to snapshot, the schedule, the state of the installation."""
