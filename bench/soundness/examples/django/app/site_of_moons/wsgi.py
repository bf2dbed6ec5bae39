import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_of_moons.settings")
from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
