// Opens one public address and fails unless it answers as expected, in time and with a certificate
// that holds. CloudWatch Synthetics calls `handler`; what it throws is the reason of a failed run.
"use strict";

const https = require("node:https");

const LONGEST_BODY = 1024 * 1024; // bytes that are searched for CONTAINS; the rest is not read

const get = (url, seconds) =>
  new Promise((resolve, reject) => {
    const request = https.get(url, { headers: { "User-Agent": "trellis-canary" } }, (response) => {
      const parts = [];
      let length = 0;
      response.on("data", (part) => {
        parts.push(part);
        length += part.length;
        if (length > LONGEST_BODY) response.destroy();
      });
      const done = () =>
        resolve({ status: response.statusCode, body: Buffer.concat(parts).toString("utf8") });
      response.on("close", done);
      response.on("error", reject);
    });
    request.setTimeout(seconds * 1000, () =>
      request.destroy(new Error(`no answer from ${url} within ${seconds} seconds`)),
    );
    request.on("error", reject);
  });

exports.handler = async () => {
  const { URL: url, STATUS: status, CONTAINS: text, SECONDS: seconds } = process.env;
  const answer = await get(url, Number(seconds));
  if (String(answer.status) !== status) {
    throw new Error(`${url} answered ${answer.status}, not ${status}`);
  }
  if (text && !answer.body.includes(text)) {
    throw new Error(`${url} answered ${answer.status} without ${JSON.stringify(text)}`);
  }
};
