"""Codes of an app (TOTP, RFC 6238): six digits, another every thirty seconds. Pure."""

import hmac
import re
from datetime import datetime

import pyotp

#: Seconds of one step, and how many steps the telephone's clock may be off.
STEP, DRIFT = 30, 1
DIGITS = 6


def new_seed() -> str:
    """Return 160 random bits in base 32."""
    return pyotp.random_base32()


def step_at(at: datetime) -> int:
    return int(at.timestamp()) // STEP


def matching_step(seed: str, code: str, at: datetime) -> int | None:
    """Return the step of time whose code it is, the present one or a neighbour; None: it is none of theirs."""
    if not re.fullmatch(rf"[0-9]{{{DIGITS}}}", code, re.ASCII):
        return None
    codes = pyotp.TOTP(seed, digits=DIGITS, interval=STEP)
    now = step_at(at)
    steps = [step for step in (now, now - 1, now + 1) if hmac.compare_digest(codes.generate_otp(step), code)]
    return steps[0] if steps else None


def address_for_app(seed: str, *, account: str, site: str) -> str:
    """Return the ``otpauth://`` address that the QR code holds."""
    return pyotp.TOTP(seed, digits=DIGITS, interval=STEP).provisioning_uri(name=account, issuer_name=site)
