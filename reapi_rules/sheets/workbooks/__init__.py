"""Workbooks in and out: XLSX, XLSM, ODS, XLS and XLSB read; new ones written, and the user's own filled in."""
