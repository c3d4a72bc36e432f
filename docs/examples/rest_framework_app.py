"""A request as an API with Django REST framework.

Run it with ``python docs/examples/rest_framework_app.py runserver``.
"""

import sys
from typing import ClassVar

import django
from django.conf import settings
from django.urls import path

from reapi_rules.forms.rest_framework import RequestMixin

if not settings.configured:
    settings.configure(
        SECRET_KEY="only for this example",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        REST_FRAMEWORK={
            "DEFAULT_AUTHENTICATION_CLASSES": [],
            "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
            "UNAUTHENTICATED_USER": None,
        },
    )
    django.setup()

from rest_framework import serializers  # it reads the settings
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response


class PictureSerializer(RequestMixin, serializers.Serializer):
    options: ClassVar = {"default_model": "gpt-image-2-official"}

    campaign = serializers.CharField(required=False)


@api_view(["POST"])
def pictures(request: Request) -> Response:
    """A request as JSON or as a form: a 400 with the messages by field, or what to send."""
    serializer = PictureSerializer(data=request.data)
    serializer.is_valid(raise_exception=True)
    return Response({"payload": serializer.report.payload(), "credits": serializer.report.quote.credits})


urlpatterns = [path("pictures", pictures)]

if __name__ == "__main__":
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
