"""What was trained, as one page for a person who looks after the lifter. Pure: it is handed the workouts."""
