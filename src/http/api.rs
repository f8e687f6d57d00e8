//! Routes and their description in one call, so that the router and the OpenAPI document cannot disagree.

use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodFilter, on};
use utoipa::openapi::path::{HttpMethod, OperationBuilder, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{ArrayBuilder, Object, ObjectBuilder, Schema, SchemaType, Type};
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{
    ComponentsBuilder, Content, InfoBuilder, OpenApi, OpenApiBuilder, Paths, Ref, RefOr, Required, ResponseBuilder,
    extensions::ExtensionsBuilder,
};
use utoipa::{PartialSchema, ToSchema};

use crate::auth::policy::Action;
use crate::records::Resource;
use crate::state::App;

/// Who may call an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    Everyone,
    Needs(Action),
    /// Whoever came by a station link, and nobody else.
    Stations,
}

/// What one operation takes and answers.
pub struct Op {
    summary: String,
    access: Access,
    query: Vec<(String, String)>,
    /// The same in several media types.
    bodies: Vec<Media>,
    answers: Vec<Answer>,
    schemas: Vec<(String, RefOr<Schema>)>,
    has_text_id: bool,
}

/// A media type and what is in it.
type Media = (&'static str, RefOr<Schema>);
/// A status, what it means, and its body, the same in several media types.
type Answer = (u16, String, Vec<Media>);

const JSON: &str = "application/json";

impl Op {
    pub fn new(summary: impl Into<String>, access: Access) -> Op {
        Op {
            summary: summary.into(),
            access,
            query: Vec::new(),
            bodies: Vec::new(),
            answers: Vec::new(),
            schemas: Vec::new(),
            has_text_id: false,
        }
    }

    /// The `{id}` of the path is a name, not a number.
    pub fn text_id(mut self) -> Op {
        self.has_text_id = true;
        self
    }

    pub fn query(mut self, name: impl Into<String>, description: impl Into<String>) -> Op {
        self.query.push((name.into(), description.into()));
        self
    }

    /// A JSON body that is one of our types.
    pub fn body<T: ToSchema>(mut self) -> Op {
        let schema = self.reference::<T>();
        self.bodies.push((JSON, schema));
        self
    }

    /// A JSON body that is one of our types with none of its members required, for a change of some of them.
    pub fn body_in_part<T: ToSchema>(mut self) -> Op {
        self.reference::<T>();
        let schema = match T::schema() {
            RefOr::T(Schema::Object(mut object)) => {
                object.required.clear();
                Schema::Object(object).into()
            }
            other => other,
        };
        self.bodies.push((JSON, schema));
        self
    }

    /// A JSON body of text members, all required.
    pub fn body_of(mut self, names: &[&str]) -> Op {
        let add = |object: ObjectBuilder, name: &&str| object.property(*name, text()).required(*name);
        let object = names.iter().fold(ObjectBuilder::new(), add);
        self.bodies.push((JSON, Schema::Object(object.build()).into()));
        self
    }

    /// A file as the body itself; called once for each media type.
    pub fn raw_body(mut self, media_type: &'static str) -> Op {
        self.bodies.push((media_type, binary()));
        self
    }

    /// A file: as the body itself, or as the part `file` of a form.
    pub fn file_body(mut self, media_type: &'static str) -> Op {
        let form = ObjectBuilder::new().property("file", binary()).required("file");
        self.bodies.push((media_type, binary()));
        self.bodies.push(("multipart/form-data", Schema::Object(form.build()).into()));
        self
    }

    /// A success whose body is an object with these members, besides `message` and `meta`.
    pub fn answer(mut self, status: u16, description: impl Into<String>, members: &[(&str, RefOr<Schema>)]) -> Op {
        let object = members.iter().fold(ObjectBuilder::new(), |object, (name, schema)| {
            object.property(*name, schema.clone()).required(*name)
        });
        let object =
            object.property("message", text()).property("meta", Ref::from_schema_name("Meta")).required("message");
        self.answers.push((status, description.into(), vec![(JSON, Schema::Object(object.build()).into())]));
        self
    }

    /// A success that is a single row.
    pub fn answer_row<R: Resource>(mut self, status: u16) -> Op {
        let name = R::ENTITY.singular();
        let schema = self.whole_row::<R>();
        self.answer(status, format!("The {name}"), &[(name, schema)])
    }

    /// A success that is a page of rows.
    pub fn answer_list<R: Resource>(mut self) -> Op {
        let rows = ArrayBuilder::new().items(self.whole_row::<R>());
        let plural = R::ENTITY.table();
        let members: Vec<(&str, RefOr<Schema>)> = vec![
            (plural, Schema::Array(rows.build()).into()),
            ("count", integer()),
            ("total", integer()),
            ("page", integer()),
            ("perPage", integer()),
        ];
        self.answer(200, format!("One page of {plural}"), &members)
    }

    /// Any other answer, such as a file.
    pub fn answer_raw(self, status: u16, description: impl Into<String>, media_type: Option<&'static str>) -> Op {
        self.answer_in(status, description, media_type)
    }

    /// Any other answer that comes in one of several media types.
    pub fn answer_in(
        mut self,
        status: u16,
        description: impl Into<String>,
        media_types: impl IntoIterator<Item = &'static str>,
    ) -> Op {
        // JSON is described by what is in it, all else is bytes.
        let schema = |media_type| if media_type == JSON { Schema::Object(Object::new()).into() } else { binary() };
        let media = media_types.into_iter().map(|media_type| (media_type, schema(media_type))).collect();
        self.answers.push((status, description.into(), media));
        self
    }

    /// A row with what answers add to it. That is read-only, and so stands in the row's own description.
    fn whole_row<R: Resource>(&mut self) -> RefOr<Schema> {
        let reference = self.reference::<R>();
        if let (RefOr::T(Schema::Object(mut row)), RefOr::T(Schema::Object(beside))) =
            (R::schema(), R::Beside::schema())
        {
            row.properties.extend(beside.properties);
            self.schemas.push((R::name().into_owned(), Schema::Object(row).into()));
        }
        reference
    }

    fn reference<T: ToSchema>(&mut self) -> RefOr<Schema> {
        let name = T::name().into_owned();
        self.schemas.push((name.clone(), T::schema()));
        T::schemas(&mut self.schemas);
        Ref::from_schema_name(name).into()
    }

    fn operation(&self, path: &str, tag: &str, has_body: bool) -> OperationBuilder {
        let mut operation = OperationBuilder::new().summary(Some(self.summary.clone())).tag(tag);
        for name in path.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
            let name = name.trim_start_matches('*');
            let kind = if name == "id" && !self.has_text_id { integer() } else { text() };
            operation = operation.parameter(
                ParameterBuilder::new()
                    .name(name)
                    .parameter_in(ParameterIn::Path)
                    .required(Required::True)
                    .schema(Some(kind)),
            );
        }
        for (name, description) in &self.query {
            operation = operation.parameter(
                ParameterBuilder::new()
                    .name(name.clone())
                    .parameter_in(ParameterIn::Query)
                    .description(Some(description.clone()))
                    .schema(Some(text())),
            );
        }
        if !self.bodies.is_empty() {
            let body = RequestBodyBuilder::new().required(Some(Required::True));
            let body = self
                .bodies
                .iter()
                .fold(body, |body, (media_type, schema)| body.content(*media_type, Content::new(Some(schema.clone()))));
            operation = operation.request_body(Some(body.build()));
        }
        for (status, description, contents) in &self.answers {
            let response = ResponseBuilder::new().description(description.clone());
            let response = contents.iter().fold(response, |response, (media_type, schema)| {
                response.content(*media_type, Content::new(Some(schema.clone())))
            });
            operation = operation.response(status.to_string(), response.build());
        }
        for (status, description) in self.refusals(path, has_body) {
            let content = Content::new(Some(Ref::from_schema_name("Problem")));
            let response = ResponseBuilder::new().description(description).content("application/problem+json", content);
            operation = operation.response(status, response.build());
        }
        self.with_access(operation)
    }

    fn with_access(&self, operation: OperationBuilder) -> OperationBuilder {
        let roles: Vec<&str> = match self.access {
            Access::Everyone => return operation,
            Access::Needs(action) => action.roles().iter().map(|role| role.as_str()).collect(),
            Access::Stations => vec!["station"],
        };
        operation
            .security(SecurityRequirement::new::<_, _, String>("bearer", []))
            .extensions(Some(ExtensionsBuilder::new().add("x-roles", roles).build()))
    }

    fn refusals(&self, path: &str, has_body: bool) -> Vec<(&'static str, &'static str)> {
        let mut refusals = Vec::new();
        if self.access != Access::Everyone {
            refusals.push(("401", "No, expired or revoked token"));
            refusals.push(("403", "The role may not do this"));
        }
        if path.contains("{id}") {
            refusals.push(("404", "No such row"));
        }
        if has_body {
            refusals.push(("400", "The request cannot be read"));
            refusals.push(("422", "Some values are not valid; all of them are listed"));
        }
        refusals.push(("default", "Any other problem"));
        refusals
    }
}

/// A router and its description.
#[derive(Default)]
pub struct Api {
    router: Router<App>,
    paths: Paths,
    schemas: Vec<(String, RefOr<Schema>)>,
}

impl Api {
    pub fn new() -> Api {
        Api::default()
    }

    pub fn get<T: 'static, H: Handler<T, App>>(self, path: &str, handler: H, op: Op) -> Api {
        self.on(MethodFilter::GET, HttpMethod::Get, path, handler, op)
    }

    pub fn post<T: 'static, H: Handler<T, App>>(self, path: &str, handler: H, op: Op) -> Api {
        self.on(MethodFilter::POST, HttpMethod::Post, path, handler, op)
    }

    pub fn put<T: 'static, H: Handler<T, App>>(self, path: &str, handler: H, op: Op) -> Api {
        self.on(MethodFilter::PUT, HttpMethod::Put, path, handler, op)
    }

    pub fn delete<T: 'static, H: Handler<T, App>>(self, path: &str, handler: H, op: Op) -> Api {
        self.on(MethodFilter::DELETE, HttpMethod::Delete, path, handler, op)
    }

    fn on<T: 'static, H: Handler<T, App>>(
        mut self,
        filter: MethodFilter,
        method: HttpMethod,
        path: &str,
        handler: H,
        op: Op,
    ) -> Api {
        let has_body = matches!(method, HttpMethod::Post | HttpMethod::Put);
        let operation = op.operation(path, tag(path), has_body);
        self.paths.merge(one_path(path, PathItem::new(method, operation)));
        self.schemas.extend(op.schemas);
        self.router = self.router.route(path, on(filter, handler));
        self
    }

    pub fn merge(mut self, other: Api) -> Api {
        self.router = self.router.merge(other.router);
        self.paths.merge(other.paths);
        self.schemas.extend(other.schemas);
        self
    }

    /// The routes, and the document that describes them.
    pub fn into_parts(self) -> (Router<App>, OpenApi) {
        let mut schemas = self.schemas;
        super::shell::Meta::schemas(&mut schemas);
        super::shell::ProblemBody::schemas(&mut schemas);
        let components = ComponentsBuilder::new()
            .schemas_from_iter(schemas)
            .schema("Meta", super::shell::Meta::schema())
            .schema("Problem", super::shell::ProblemBody::schema())
            .security_scheme("bearer", super::shell::bearer_scheme());
        let info = InfoBuilder::new()
            .title("athsys")
            .version(crate::VERSION)
            .description(Some("The HTTP API of athsys, a meet server for athletics."));
        let document = OpenApiBuilder::new().info(info).paths(self.paths).components(Some(components.build()));
        (self.router, document.build())
    }
}

fn one_path(path: &str, item: PathItem) -> Paths {
    let mut paths = Paths::new();
    paths.paths.insert(path.to_owned(), item);
    paths
}

/// `/api/athletes/{id}` belongs to athletes, `/api/admin/users` to users; what the server says of itself stands together.
fn tag(path: &str) -> &str {
    let mut parts = path.split('/').filter(|part| !part.is_empty() && *part != "api" && *part != "admin");
    match parts.next().unwrap_or("system") {
        "health" | "info" | "livez" | "metrics" | "openapi.json" | "readyz" | "stats" | "version" => "system",
        "imports" => "import",
        "setup" => "auth",
        "logo" => "settings",
        subject => subject,
    }
}

pub fn text() -> RefOr<Schema> {
    Schema::Object(Object::with_type(Type::String)).into()
}

pub fn boolean() -> RefOr<Schema> {
    Schema::Object(Object::with_type(Type::Boolean)).into()
}

pub fn integer() -> RefOr<Schema> {
    Schema::Object(Object::with_type(Type::Integer)).into()
}

/// An object of members that the description names elsewhere.
pub fn object() -> RefOr<Schema> {
    Schema::Object(Object::with_type(Type::Object)).into()
}

/// A value that may be missing.
pub fn or_null(schema: RefOr<Schema>) -> RefOr<Schema> {
    match schema {
        RefOr::T(Schema::Object(mut object)) => {
            if let SchemaType::Type(kind) = object.schema_type {
                object.schema_type = SchemaType::Array(vec![kind, Type::Null]);
            }
            Schema::Object(object).into()
        }
        other => other,
    }
}

pub fn list_of(items: RefOr<Schema>) -> RefOr<Schema> {
    Schema::Array(ArrayBuilder::new().items(items).build()).into()
}

fn binary() -> RefOr<Schema> {
    let format = utoipa::openapi::SchemaFormat::KnownFormat(utoipa::openapi::KnownFormat::Binary);
    Schema::Object(ObjectBuilder::new().schema_type(Type::String).format(Some(format)).build()).into()
}
