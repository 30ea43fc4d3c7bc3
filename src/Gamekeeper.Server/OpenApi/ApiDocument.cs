
namespace Gamekeeper.Server.OpenApi;

/// <summary>The OpenAPI document, made from the same endpoints that answer, and the page that shows it.</summary>
internal static class ApiDocument
{
    public const string Path = "/openapi/v1.json";

    public static void Add(IServiceCollection services) =>
        services.AddOpenApi(
            "v1",
            options =>
            {
                options.OpenApiVersion = Microsoft.OpenApi.OpenApiSpecVersion.OpenApi3_1;
                options.AddDocumentTransformer(DocumentShape.ApplyAsync);
                options.AddOperationTransformer(OperationShape.ApplyAsync);
                options.AddSchemaTransformer(SchemaShape.ApplyAsync);
            }
        );

    public static void Map(WebApplication app)
    {
        app.MapOpenApi("/openapi/{documentName}.json");
        // The page's files are part of the program: no browser is sent elsewhere for them.
        app.UseSwaggerUI(page =>
        {
            page.RoutePrefix = "docs";
            page.DocumentTitle = "Gamekeeper API";
            page.SwaggerEndpoint(Path, "Gamekeeper v1");
        });
    }
}
