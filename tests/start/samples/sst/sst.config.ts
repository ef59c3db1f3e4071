/// <reference path="./.sst/platform/config.d.ts" />

export default $config({
  app(input) {
    return {
      name: "notes",
      home: "aws",
      removal: input?.stage === "production" ? "retain" : "remove",
      protect: ["production"].includes(input?.stage),
      providers: { aws: { region: "us-east-1" } },
    };
  },
  async run() {
    const vpc = new sst.aws.Vpc("Net", { nat: "managed", bastion: true });
    const db = new sst.aws.Postgres("Db", { vpc, version: "16.4", storage: "50 GB" });
    const cache = new sst.aws.Redis("Sessions", { vpc });
    const files = new sst.aws.Bucket("Files", { cors: { allowOrigins: ["https://notes.example.com"] } });
    const jobs = new sst.aws.Queue("Thumbnails", { visibilityTimeout: "2 minutes" });
    const stripe = new sst.Secret("Stripe");
    const cluster = new sst.aws.Cluster("Main", { vpc });

    new sst.aws.Service("Web", {
      cluster,
      cpu: "0.5 vCPU",
      memory: "1 GB",
      image: { context: "./web" },
      link: [db, cache, files, jobs, stripe],
      scaling: { min: 2, max: 6, cpuUtilization: 70 },
      loadBalancer: {
        domain: "notes.example.com",
        rules: [{ listen: "443/https", forward: "3000/http" }],
        health: { "3000/http": { path: "/healthz" } },
      },
      environment: { LOG_LEVEL: "info" },
    });
    jobs.subscribe({ handler: "thumbnails/app.handle", link: [files] });
    const sweep = new sst.aws.Task("Sweep", { cluster, link: [db], image: { context: "./web" } });
    new sst.aws.Cron("Nightly", { task: sweep, schedule: "cron(0 2 * * ? *)" });
    new sst.aws.StaticSite("Docs", { path: "docs", domain: "docs.notes.example.com" });
  },
});
