"""Signing in with an account at another site: OpenID Connect, the authorization code flow with PKCE."""
