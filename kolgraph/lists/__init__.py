"""Own lists: a CSV or XLSX file of people becomes rows that can be trusted, or a report that says why not.

`sheet` opens a file as rows of text, `columns` says what its columns mean, `cells` and `rows` check and read one row,
`check` all of them; the loader `ownlist` brings what passed into the inbox. Everything streams: a file is read as often
as needed and never held.
"""
