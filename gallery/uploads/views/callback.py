"""Where a service says that an upload ended, or sends the person's browser to say so."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gallery.uploads.delivery.callback import receive_callback
from gallery.uploads.models import Upload


@login_not_required
@never_cache
@require_safe
def callback(request: HttpRequest, key: str) -> HttpResponse:
    """Public: whoever has the address may call it, and learns nothing by it.

    The owner's own browser goes on to the upload; every other caller gets the same few words,
    whether the address is ours, used before or made up.
    """
    upload = None
    if request.method == "GET":
        upload = receive_callback(key, request.GET.get("status", ""))
    if upload is not None and request.user.is_authenticated and request.user.pk == upload.owner_id:
        if upload.route == Upload.Route.BROWSER:
            return redirect("uploads:prepare", upload.pk)
        return redirect("uploads:batch", upload.batch_id)
    if "text/html" in request.headers.get("Accept", ""):
        return render(request, "uploads/received.html")
    return HttpResponse("received\n", content_type="text/plain")
