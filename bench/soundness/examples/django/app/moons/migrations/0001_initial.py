from django.db import migrations, models


class Migration(migrations.Migration):
    operations = [
        migrations.CreateModel(
            name="Moon",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False, verbose_name="ID", auto_created=True)),
                ("name", models.CharField(max_length=40, unique=True)),
                ("kilometres", models.IntegerField(default=0)),
            ],
        )
    ]
