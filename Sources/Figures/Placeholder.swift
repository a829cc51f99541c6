// Pictures of polyhedral complexes.
