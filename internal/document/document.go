// Package document makes and reads office documents: letters and plans in the layout
// of Decree 30/2020/NĐ-CP as .docx and PDF, spreadsheets in and out, QR codes.
//
// A Document is a table of typed blocks (blocks.go); Docx and PDF write it. ReadSheet
// and WriteXLSX are the two ways of a table. The words and measures that the decree
// fixes are in decree30.json.
package document
