"""Users that the tests of records act as. They are committed before a test begins, so no test commits half-way."""

from __future__ import annotations

import pytest

from tests.site.factories import AE, MANAGER, OPERATIONS, SDR, SELLER, SUPPORT, make_user

SELLER_A, SELLER_B = "seller-a@cast.example", "seller-b@cast.example"
EXECUTIVE, MANAGING, OPERATING = "executive@cast.example", "managing@cast.example", "operating@cast.example"
DEVELOPING, SUPPORTING = "developing@cast.example", "supporting@cast.example"
BUYER, MAILER, STRANGER = "buyer@cast.example", "mailer@cast.example", "stranger@cast.example"

CAST = {
	SELLER_A: SELLER,
	SELLER_B: SELLER,
	EXECUTIVE: (AE,),
	MANAGING: (MANAGER,),
	OPERATING: (OPERATIONS,),
	DEVELOPING: (SDR,),
	SUPPORTING: (SUPPORT,),
	BUYER: ("Purchase Manager",),
	MAILER: (MANAGER, "Newsletter Manager"),
	STRANGER: ("Stock User",),
}


@pytest.fixture(autouse=True)
def cast(clean_state: None) -> None:
	for email, roles in CAST.items():
		make_user(email, *roles)
