"""Who is the advertiser, and what may they promote on that day?"""
