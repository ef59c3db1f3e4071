"""Sites: what CloudFront serves, from private buckets and private load balancers."""
