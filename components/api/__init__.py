"""APIs on API Gateway: routes to functions, who may call them, how often, and from which pages."""
