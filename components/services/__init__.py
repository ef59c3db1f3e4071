"""Container services on ECS Fargate: cluster, images, load balancers, tasks, scaling and jobs."""
