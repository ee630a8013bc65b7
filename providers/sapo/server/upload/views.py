"""uploadPost.html: the second step of an upload (docs/protocols/sapo.md, upload)."""

from xml.sax.saxutils import escape

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.csrf import csrf_exempt
from lxml import etree

from providers.sapo.protocol import UPLOAD_ERROR_ROOT, UPLOAD_OK_ROOT, UploadStatus
from providers.sapo.server.endpoints import ServerUrls
from providers.sapo.server.media import View, view_urls
from providers.sapo.server.upload import UPLOAD, redir
from providers.sapo.server.upload.accept import UploadRefused, accept_upload
from providers.sapo.server.upload.form import UploadForm, received
from providers.server.faults.injection import inject_fault


@csrf_exempt
@login_not_required
def upload(request: HttpRequest) -> HttpResponse:
    """Whoever has an upload token may send its file, from a program or from a page of any site.

    The token alone allows it, so there is no session whose owner could be tricked.
    """
    with received(request) as form:
        try:
            _inject_fault()
            image = accept_upload(form)
        except UploadRefused as refused:
            return _answer(form, refused.status, _error(refused))
        return _answer(form, UploadStatus.SUCCESS, _success(view_urls(image, ServerUrls(request).base_url)))


def _inject_fault() -> None:
    code = inject_fault("sapo", UPLOAD)
    if code is not None:
        known = code in UploadStatus.__members__ and code != UploadStatus.SUCCESS
        raise UploadRefused(UploadStatus(code) if known else UploadStatus.PROBLEMS_SAVING_IMAGE)


def _answer(form: UploadForm, status: UploadStatus, body: bytes) -> HttpResponse:
    url = redir.with_status(form.redir, status)
    if url and settings.SAPO_REDIR != "call":
        return HttpResponseRedirect(url)
    if url:
        redir.call(url)
    # Old clients read as many bytes as this header says, and look at no status but 200.
    return HttpResponse(
        body, content_type="text/xml; charset=utf-8", headers={"Content-Length": str(len(body))}
    )


def _success(views: list[View]) -> bytes:
    """Every picture of the photo, the largest box first and the original last."""
    listed = "".join(
        f"<view><size>{view.size}</size><requestWidth>{view.request_width}</requestWidth>"
        f"<requestHeight>{view.request_height}</requestHeight><url>{escape(view.url)}</url></view>"
        for view in reversed(views)
    )
    content = f"<Ok/><Result>{UploadStatus.SUCCESS}</Result><views>{listed}</views>"
    return f'<?xml version="1.0"?>\n<{UPLOAD_OK_ROOT}>{content}</{UPLOAD_OK_ROOT}>'.encode("ascii")


def _error(refused: UploadRefused) -> bytes:
    root = etree.Element(UPLOAD_ERROR_ROOT)
    etree.SubElement(root, "Result").text = refused.status
    etree.SubElement(root, "Error").text = refused.message
    return b'<?xml version="1.0" encoding="utf-8" ?>\n' + etree.tostring(root, encoding="utf-8")
