"""From a tier's settings to its components, a file a tier; `assembly` lets them meet."""
