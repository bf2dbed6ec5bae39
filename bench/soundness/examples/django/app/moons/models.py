from django.db import models


class Moon(models.Model):
    name = models.CharField(max_length=40, unique=True)
    kilometres = models.IntegerField(default=0)

    def __str__(self):
        return self.name
