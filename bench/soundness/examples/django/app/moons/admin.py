from django.contrib import admin

from .models import Moon

admin.site.register(Moon)
