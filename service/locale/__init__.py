"""The catalogues: every sentence that people read, in Kyrgyz and Russian; English is what they are written in."""
