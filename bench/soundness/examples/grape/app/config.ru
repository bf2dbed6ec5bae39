require 'grape'

class Moons < Grape::API
  default_format :json
  format :json
  content_type :json, 'application/json'
  content_type :xml, 'application/xml'
  content_type :txt, 'text/plain'

  helpers { def moons = [{ name: 'Io', km: 3643 }, { name: 'Titan', km: 5150 }] }

  rescue_from(ArgumentError) { |error| error!({ why: error.message }, 422) }

  get('/') { { text: 'Grape and the moons' } }
  resource :moons do
    get { moons }
    params { requires :id, type: Integer, desc: 'a number', values: 0..1 }
    get(':id') { moons[params[:id]] }
    params do
      requires :name, type: String, regexp: /^[A-Z]/
      optional :km, type: Float, default: 1.5
      optional :found, type: Date
      optional :tags, type: Array[String]
    end
    post { declared(params).merge('created' => true) }
    delete(':id') { status 204; body false }
  end
  get('/bad') { raise ArgumentError, 'no moon' }
  get('/boom') { raise 'boom' }
  get('/denied') { error!('denied', 403) }
  get('/away') { redirect '/moons' }
  get('/header') { header 'X-Moon', 'Io'; { agent: headers['User-Agent'] } }
  get('/xml', format: :xml) { content_type 'application/xml'; moons.to_xml(root: 'moons') }
  get('/inflect') { { word: 'moon'.pluralize, camel: 'a_b'.camelize, ordinal: 3.ordinalize } }
  get('/zone') { { at: Time.at(0).in_time_zone('Vienna').iso8601 } }
  get('/duration') { { at: (Time.at(0).utc + 3.days).iso8601 } }
  get('/number') { { text: ActiveSupport::NumberHelper.number_to_human_size(12_345) } }
  get('/cache') { { value: ActiveSupport::Cache::MemoryStore.new.fetch('a') { 1 } } }
  get('/i18n') { { text: I18n.t('number.human.storage_units.units.kb', default: 'none') } }
  get('/cookie') { cookies[:a] = '1'; { set: true } }
  route(:any, '*path') { error!('no such moon', 404) }
end

run Moons
