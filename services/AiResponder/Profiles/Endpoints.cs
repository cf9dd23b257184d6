namespace WpAsis.AiResponder.Profiles;

internal static class Endpoints
{
    public static void MapProfiles(this IEndpointRouteBuilder routes)
    {
        routes.MapGetProfile();
        routes.MapPutProfile();
    }
}
