package plan

import "strings"

// Piece is a run of words of two texts: in both, only in the old one, or only in the new one.
type Piece struct {
	Text     string
	Old, New bool // neither: in both
}

// mostWords bounds the table of the comparison; longer texts are shown whole, old beside new.
const mostWords = 1000

// wordsChanged compares two texts word by word, by their longest common run of words.
func wordsChanged(before, after string) []Piece {
	a, b := strings.Fields(before), strings.Fields(after)
	if len(a) > mostWords || len(b) > mostWords {
		return []Piece{{Text: before, Old: true}, {Text: after, New: true}}
	}
	length := make([][]int, len(a)+1) // length[i][j]: common words of a[i:] and b[j:]
	for i := range length {
		length[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				length[i][j] = length[i+1][j+1] + 1
			} else {
				length[i][j] = max(length[i+1][j], length[i][j+1])
			}
		}
	}
	var list []Piece
	put := func(word string, old, fresh bool) {
		if n := len(list); n > 0 && list[n-1].Old == old && list[n-1].New == fresh {
			list[n-1].Text += " " + word
			return
		}
		list = append(list, Piece{word, old, fresh})
	}
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			put(a[i], false, false)
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && length[i+1][j] >= length[i][j+1]:
			put(a[i], true, false)
			i++
		default:
			put(b[j], false, true)
			j++
		}
	}
	return list
}
