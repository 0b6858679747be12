"""Binary workbooks (.xls, .xlsb), read in a process of its own."""
