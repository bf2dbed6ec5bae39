from datetime import datetime, timezone

from django import forms
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from .models import Moon


class MoonForm(forms.ModelForm):
    class Meta:
        model = Moon
        fields = ["name", "kilometres"]


def front(request):
    return HttpResponse("Moons of the planets\n")


@csrf_exempt
def form(request):
    filled = MoonForm(request.POST or None)
    return HttpResponse(filled.as_p() + str(filled.is_valid()))


@csrf_exempt
def add(request):
    Moon.objects.get_or_create(name=request.POST["name"], kilometres=request.POST["km"])
    return HttpResponse(f"{Moon.objects.count()}\n")


def moons(request):
    return render(request, "moons.html", {"moons": Moon.objects.order_by("name")})


def when(request):
    from zoneinfo import ZoneInfo

    from django.utils import timezone as zones

    moment = datetime(2024, 7, 1, 12, tzinfo=timezone.utc)
    with zones.override(ZoneInfo(request.GET.get("zone", "Asia/Tokyo"))):
        return HttpResponse(zones.localtime(moment).isoformat())


def feed(request):
    from django.utils.feedgenerator import Atom1Feed

    made = Atom1Feed("Moons", "http://example.org/", "All moons")
    made.add_item("Io", "http://example.org/io", "A moon", updateddate=datetime(2024, 1, 1))
    return HttpResponse(made.writeString("utf-8").split("<updated>")[0], content_type="application/atom+xml")


def sitemap(request):
    from django.contrib.sitemaps import Sitemap
    from django.contrib.sitemaps.views import sitemap as page

    class Moons(Sitemap):
        def items(self):
            return ["/moons"]

        def location(self, item):
            return item

        def get_urls(self, page=1, site=None, protocol=None):
            class Here:
                domain = name = "example.org"

            return super().get_urls(page, Here, "http")

    return page(request, {"moons": Moons()})


def mail(request):
    from django.core.mail import EmailMessage

    message = EmailMessage("Grüße", "Hällo", "a@example.org", ["b@example.org"]).message()
    return HttpResponse(str(message["Subject"]))


def as_json(request):
    from django.core import serializers

    return JsonResponse({"moons": serializers.serialize("json", Moon.objects.all())})


def boom(request):
    raise ValueError("boom")
