"""What was trained, as one page for a person who looks after the lifter. Pure: the workouts are passed in."""
