"""Pictures as PNG, and plots as SVG."""
