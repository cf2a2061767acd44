"""What admins see. The router asks for a signed-in admin once, for every page."""

from fastapi import APIRouter, Depends

from app.web.admin import (
    account,
    comparisons,
    exports,
    monitor,
    poem_sets,
    poems,
    power,
    quality,
    recruiting,
    report_files,
    reports,
    sign_in,
    studies,
    uploads,
)
from app.web.deps import signed_in_admin

router = APIRouter(prefix="/admin")
router.include_router(sign_in.router)  # the only pages without an admin

signed_in = APIRouter(dependencies=[Depends(signed_in_admin, scope="function")])
for page in (
    *(account, uploads, poem_sets, comparisons, poems),
    *(studies, power, recruiting, monitor, quality, exports, reports, report_files),
):
    signed_in.include_router(page.router)
router.include_router(signed_in)
