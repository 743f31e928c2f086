"""Where Django looks for the admin; the pages themselves stand in desk/."""

from articles.desk import article_admin, library_admin, people_admin, picture_admin, site_admin

__all__ = ["article_admin", "library_admin", "people_admin", "picture_admin", "site_admin"]
