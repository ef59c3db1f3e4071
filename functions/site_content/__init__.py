"""After a site's upload: tells CloudFront what changed, and takes away what left long ago."""
