"""Whose token it is."""

from __future__ import annotations

from adscan.web.routes.api.router import Reader, api_router
from adscan.web.routes.api.views import Me

router = api_router("账户")


@router.get("/me", summary="令牌的主人")
def me(identity: Reader) -> Me:
    """令牌属于谁，能做什么。可用来检查令牌是否有效。"""
    return Me(
        id=identity.person_id,
        login=identity.login,
        name=identity.name,
        role=identity.role,
        company_id=identity.company_id,
        scopes=sorted(identity.scopes or (), key=lambda scope: scope.value),
    )
