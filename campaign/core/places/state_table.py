"""The states and provinces whose time zones, postcodes and area codes tell when somebody may be called: a table.

One state a line, continued by lines that are indented: code (ISO 3166-2) | its time zones | its postcodes | its area codes.

Time zones are all that are kept by law somewhere in the state; of those that keep the same time one is named (IANA's
zone.tab, CLDR 48). Postcodes of the United States are the first three digits of ZIP codes (PyPI `zipcodes` 3.0.0, after
USPS); 090-099, 340 and 962-966 are military and 969 is several countries, so they tell no state. Those of Canada are the
first letter (Canada Post). Area codes are those of phonenumbers 9.0.43, after the North American Numbering Plan. Checked
in November 2026. What may be in two states stands in both lines.
"""

STATES = """\
US-AK | America/Anchorage America/Adak | 995-999 | 907
US-AL | America/Chicago | 350-352 354-369 | 205 251 256 334 659 938
US-AR | America/Chicago | 716-729 | 327 479 501 870
US-AS | Pacific/Pago_Pago | 967 |
US-AZ | America/Phoenix America/Denver | 850-853 855-857 859-860 863-865 | 480 520 602 623 928
US-CA | America/Los_Angeles | 900-908 910-928 930-961 | 209 213 279 310 323 341 350 369 408 415 424 442 510 530 559
  562 619 626 628 650 657 661 669 707 714 738 747 760 805 818 820 831 840 858 909 916 925 949 951
US-CO | America/Denver | 800-816 | 303 719 720 748 970 983
US-CT | America/New_York | 060-069 | 203 475 860 959
US-DC | America/New_York | 200 202-205 569 888 | 202 771
US-DE | America/New_York | 197-199 | 302
US-FL | America/New_York America/Chicago | 320-339 341-342 344 346-347 349 | 239 305 321 324 352 386 407 448 561 645
  656 689 727 728 754 772 786 813 850 863 904 941 954
US-GA | America/New_York | 300-319 398-399 | 229 404 470 478 678 706 762 770 912 943
US-GU | Pacific/Guam |  |
US-HI | Pacific/Honolulu | 967-968 | 808
US-IA | America/Chicago | 500-516 520-528 | 319 515 563 641 712
US-ID | America/Boise America/Los_Angeles | 832-838 | 208 986
US-IL | America/Chicago | 600-620 622-629 | 217 224 309 312 331 447 464 618 630 708 730 773 779 815 847 872
US-IN | America/Indiana/Indianapolis America/Chicago | 460-479 | 219 260 317 463 574 765 812 930
US-KS | America/Chicago America/Denver | 660-662 664-679 | 316 620 785 913
US-KY | America/New_York America/Chicago | 400-418 420-427 | 270 364 502 606 859
US-LA | America/Chicago | 700-701 703-708 710-714 | 225 318 337 504 985
US-MA | America/New_York | 010-027 055 | 339 351 413 508 617 774 781 857 978
US-MD | America/New_York | 205-212 214-219 | 227 240 301 410 443 667
US-ME | America/New_York | 039-049 | 207
US-MI | America/Detroit America/Menominee | 480-499 | 231 248 269 313 517 586 616 734 810 906 947 989
US-MN | America/Chicago | 550-551 553-567 | 218 320 507 612 651 763 952
US-MO | America/Chicago | 630-631 633-641 644-658 726 | 235 314 417 557 573 636 660 816 975
US-MP | Pacific/Saipan |  |
US-MS | America/Chicago | 386-397 | 228 601 662 769
US-MT | America/Denver | 590-599 | 406
US-NC | America/New_York | 270-289 | 252 336 472 704 743 828 910 919 980 984
US-ND | America/Chicago America/Denver | 580-588 | 701
US-NE | America/Chicago America/Denver | 680-681 683-693 | 308 402 531
US-NH | America/New_York | 030-038 | 603
US-NJ | America/New_York | 070-089 | 201 551 609 640 732 848 856 862 908 973
US-NM | America/Denver | 870-871 873-884 | 505 575
US-NV | America/Los_Angeles America/Denver | 889-891 893-895 897-898 | 702 725 775
US-NY | America/New_York | 005 063 100-149 | 212 315 329 332 347 363 516 518 585 607 631 646 680 716 718 838 845 914
  917 929 934
US-OH | America/New_York | 430-459 | 216 220 234 283 326 330 380 419 440 513 567 614 740 937
US-OK | America/Chicago | 730-731 734-741 743-749 | 405 539 572 580 918
US-OR | America/Los_Angeles America/Boise | 970-979 | 458 503 541 971
US-PA | America/New_York | 150-196 | 215 223 267 272 412 445 484 570 582 610 717 724 814 835 878
US-PR | America/Puerto_Rico | 006-007 009 |
US-RI | America/New_York | 028-029 | 401
US-SC | America/New_York | 290-299 | 803 821 839 843 854 864
US-SD | America/Chicago America/Denver | 570-577 | 605
US-TN | America/New_York America/Chicago | 370-385 | 423 615 629 731 865 901 931
US-TX | America/Chicago America/Denver | 733 739 750-770 772-799 885 | 210 214 254 281 325 346 361 409 430 432 469
  512 682 713 726 737 806 817 830 832 903 915 936 940 945 956 972 979
US-UT | America/Denver | 840-847 | 385 435 801
US-VA | America/New_York | 201 205 220-246 | 276 434 540 571 686 703 757 804 826 948
US-VI | America/St_Thomas | 008 |
US-VT | America/New_York | 050-054 056-059 | 802
US-WA | America/Los_Angeles | 980-986 988-994 | 206 253 360 425 509 564
US-WI | America/Chicago | 530-532 534-535 537-549 | 262 274 353 414 534 608 715 920
US-WV | America/New_York | 247-268 | 304 681
US-WY | America/Denver | 820-831 834 | 307
CA-AB | America/Edmonton | T | 368 403 587 780 825
CA-BC | America/Vancouver America/Edmonton America/Creston | V | 236 250 257 604 672 778
CA-MB | America/Winnipeg | R | 204 431 584
CA-NB | America/Moncton | E | 428 506
CA-NL | America/St_Johns America/Goose_Bay | A | 709 879
CA-NS | America/Halifax | B | 782 902
CA-NT | America/Edmonton America/Inuvik | X | 867
CA-NU | America/Iqaluit America/Rankin_Inlet America/Resolute America/Cambridge_Bay America/Atikokan | X | 867
CA-ON | America/Toronto America/Winnipeg America/Atikokan | K L M N P | 226 249 289 343 365 382 416 437 519 548 613
  647 683 705 742 753 807 905 942
CA-PE | America/Halifax | C | 782 902
CA-QC | America/Toronto America/Halifax America/Blanc-Sablon | G H J | 263 273 354 367 418 438 450 468 514 579 581
  819 873
CA-SK | America/Regina America/Edmonton | S | 306 474 639
CA-YT | America/Whitehorse | Y | 867
AU-ACT | Australia/Sydney |  |
AU-NSW | Australia/Sydney Australia/Broken_Hill Australia/Lord_Howe |  |
AU-NT | Australia/Darwin |  |
AU-QLD | Australia/Brisbane |  |
AU-SA | Australia/Adelaide |  |
AU-TAS | Australia/Hobart |  |
AU-VIC | Australia/Melbourne |  |
AU-WA | Australia/Perth Australia/Eucla |  |
"""
