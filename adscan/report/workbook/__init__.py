"""What the xlsx report needs of openpyxl: how sheets look, the last sheet, the file itself."""
