"""Samples of user pools."""

from __future__ import annotations

from typing import Any

WATCHED: dict[str, Any] = {
    "userPools": {
        "users": {
            "groups": {"admins": {}},
            "clients": {
                "web": {"callbacks": ["https://www.example.com/in"]},
                "balancer": {
                    "secret": True,
                    "callbacks": ["https://admin.example.com/oauth2/idpresponse"],
                },
            },
            "domain": {"prefix": "shop"},
            "providers": {"office": {"kind": "saml", "metadata": "https://idp.example.com/saml"}},
        }
    },
}

PRODUCERS: dict[str, Any] = {
    "userPools": {"main": {}},
}

USES: tuple[dict[str, Any], ...] = ({"users": "main"},)
