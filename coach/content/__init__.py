"""What the coach says and hears, as data files beside these modules: schema, reader, loader, check."""
