"""Analysis of IAM policy documents: permissions, escalation, trust and resource policies.

Read a document with `documents.parse(document, label, kind)`; a role's policies with
`permissions.role_policies(inline, managed, boundary)` and ask `permissions.Permissions`. Every
analysis returns `findings.Finding`s (pass, fail or unknown, each with reason and statement):

- `exposure`, of one document: `allows_everything`, `service_wildcards`, `wildcard_resources`,
  `unknown_actions`; of a role: `full_administrator`, `exfiltration`, `credentials_exposure`,
  `resource_exposure`; of attached ARNs: `managed_administrators`
- `escalation`: `find_escalations` of a role, `find_role_chains` of an account's roles
- `trust`: `anonymous_trust`, `cross_account_trust`, `confused_deputy`, `oidc_trust`
- `resource_policies`: `public_access`, `cross_account_write`, `tls_only`, `decrypt_on_all_keys`,
  and `function_permission`, which reads a Lambda permission as a document

An unknown value never passes silently: what may still fail is UNKNOWN, what is certain is FAIL.
"""
