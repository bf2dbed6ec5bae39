from django.contrib import admin
from django.contrib.staticfiles.urls import staticfiles_urlpatterns
from django.urls import path

from moons import views

urlpatterns = [
    path("", views.front),
    path("form", views.form),
    path("moons", views.moons),
    path("add", views.add),
    path("feed", views.feed),
    path("when", views.when),
    path("sitemap.xml", views.sitemap),
    path("mail", views.mail),
    path("json", views.as_json),
    path("boom", views.boom),
    path("admin/", admin.site.urls),
] + staticfiles_urlpatterns()
