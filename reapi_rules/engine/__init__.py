"""One request, from body to report.

body -> judge -> wording -> request -> dimensions -> quotes -> warnings -> report"""
