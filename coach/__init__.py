"""An offline voice coach for the hamstring leg press."""

__version__ = "0.1.0"
